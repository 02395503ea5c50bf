"""Reading a page: its bytes → an Article, how each field was found, and what is doubtful. Pure."""
