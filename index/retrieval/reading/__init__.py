"""Reading the first few passages: question and passage together, over the vectors that late interaction compares."""
