"""What is asked for: a query's text, its tree, and the filters that go with it. Before any index is asked."""
