"""How a network learns: optimizers, schedules, a run and its checkpoints. Read it second."""
