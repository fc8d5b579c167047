"""Large made-up data, and the harness that measures pages and endpoints on them."""
