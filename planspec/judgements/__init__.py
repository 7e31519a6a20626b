"""What is decided, by subject. Each judgement is a pure function: resources in, `Judgement` out."""
