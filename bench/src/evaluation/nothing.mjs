// Nothing: what an import costs at the least.
