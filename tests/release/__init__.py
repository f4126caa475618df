"""What is released is built, checked and tried where there is no checkout."""
