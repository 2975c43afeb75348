"""The demo shop: its catalogue, the hard cases, and the crowd around them."""
