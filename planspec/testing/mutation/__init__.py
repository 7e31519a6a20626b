"""Does a requirement bite? Small realistic changes to a plan, and the verdicts that fall for them."""
