"""The shared vocabulary: describes programs, computes nothing."""
