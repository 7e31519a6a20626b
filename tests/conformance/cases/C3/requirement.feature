Feature: a second block is not encrypted

  Scenario: asked
    When we examine every planned "aws_instance"
    Then every "ebs_block_device[*].encrypted" must be "true"
