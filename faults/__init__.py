"""How strong the checker is: faults of many kinds are planted, each in a process of its own, and judged as `check` would."""
