Feature: one good resource beside a bad one

  Scenario: asked
    When we examine every planned "aws_thing"
    Then some "names[*]" must match "ok"
