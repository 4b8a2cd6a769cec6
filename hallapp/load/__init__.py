"""Many halls at work in one database, to see what a server carries; nobody's hall is touched."""
