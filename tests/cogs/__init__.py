"""What people do, each as one call."""
