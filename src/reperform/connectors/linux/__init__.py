"""What Linux hosts say, shaped the same whichever way they were asked: their tables and rows."""
