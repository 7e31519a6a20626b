"""What is wrong with the requirements themselves, before any plan is judged?"""
