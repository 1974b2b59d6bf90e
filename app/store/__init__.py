"""What the person keeps: networks and settings."""
