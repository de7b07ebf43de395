"""What goes to the terminal: only the rows that changed are drawn, only the cells that differ are written."""
