"""The schema and its migrations, one named query and one typed function per question; never a decision."""
