"""Is this letter written by a machine, and which kind: so that no machine is ever answered (product.md, rule 6)."""
def kind(*a): return None
