"""The pages of the main window. A page is a module here with a `PAGE`; being here is enough."""
