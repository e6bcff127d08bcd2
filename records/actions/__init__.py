"""Every write of the records. They take part in the transaction of the act that calls them."""
