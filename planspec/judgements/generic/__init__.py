"""What holds for any type: values, relations, before and after."""
