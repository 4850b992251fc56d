"""What people do, each a plain function of a transaction, a request and a moment; no `await`, no sentence."""
