"""Do the tests notice a fault? Each rule with one small fault at a time, and the tests that ought to fail."""
