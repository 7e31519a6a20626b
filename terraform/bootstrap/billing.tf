# Problem: a budget that filters by a tag counts nothing until the tag is activated for cost allocation.
# Fix: both tags are. AWS takes this in the account that pays, and only a day after the first resource carries the
# tag: so it is the last step of the bootstrap, with -var activate_cost_tags=true.
resource "aws_ce_cost_allocation_tag" "budget" {
  for_each = var.activate_cost_tags ? toset(["Environment", "Service"]) : toset([])

  tag_key = each.key
  status  = "Active"
}
