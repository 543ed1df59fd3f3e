"""The published report: notebooks run, pages made, editions swapped in whole. The only layer that writes what is published."""
