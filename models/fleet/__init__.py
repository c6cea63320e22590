"""What the site is for: accelerators in racks, racks in halls."""
