Feature: a plan in which nothing will be left

  Scenario: asked
    When we examine every change of "aws_db_instance" with action "delete"
    Then there must be none
