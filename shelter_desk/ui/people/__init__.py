"""Who works here: the sheets of the people page, and how it shows somebody."""
