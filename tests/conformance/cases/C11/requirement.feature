Feature: a database is destroyed

  Scenario: asked
    When we examine every change of "aws_db_instance" with action "delete"
    Then there must be none
