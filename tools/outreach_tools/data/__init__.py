"""Data that ships with the tools. Each folder's README says where its data come from."""
