"""The six figures of a business case, their basis, and what each reader sees of them."""
