Feature: a block of a provider that is called references

  Scenario: asked
    When we examine every planned "aws_thing"
    Then every "size" must be "1"
