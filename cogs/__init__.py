"""The faces and the hands: read an interaction, call one use case, say one reply; perform what is due on Discord."""
