"""Paper and files made from answers: PDF, CSV, XLSX and charts. All of reportlab is here."""
