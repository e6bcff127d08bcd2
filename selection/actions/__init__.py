"""Every write of the selection: one function an act, in the order of the house."""
