"""Wrong rules by class: each class is a way to make a wrong kernel of a right one, planted on many ops."""
