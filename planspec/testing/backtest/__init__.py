"""What would other requirements have said about past plans?"""
