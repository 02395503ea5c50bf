"""What readers are shown: charts, citations, differences, dates and numbers in their language."""
