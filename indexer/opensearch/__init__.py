"""The same index on an OpenSearch cluster. Needs opensearch-py: `pip install goc-nhin[opensearch]`."""
