-- Customers and products of the store follow (schema.rs).

-- More than one way of packing; see records/packing.rs.
ALTER TABLE documents RENAME COLUMN deflated TO packing;
