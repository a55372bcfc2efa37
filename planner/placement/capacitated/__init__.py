"""CHWs who can serve only so many people: methods for countries too large for one mixed-integer programme."""
