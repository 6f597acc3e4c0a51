"""The peers on the same faults: what compares gradients with differences at points, asked as its documentation shows."""
