@area:reliability
Feature: Change: no data loss and no weakened controls

  A renamed resource, or an argument that cannot change in place, makes Terraform delete and create
  the resource. For a task that is a deployment; for a database it is the loss of its data. A
  control that is removed by one line of a large change is easy to overlook: wider networks, more
  permissions, encryption or backups disabled. Every change is therefore compared with the state
  before it.

  A pass shows that the plan keeps every resource that holds or may hold data, and weakens no
  control of an existing resource. It does not show that the data is correct, nor that existing
  resources were well protected before: other requirements judge that. A new resource has no earlier
  state, so it cannot be weaker than before.

  Background:
    Given the Terraform plan

  @CHG-01 @severity:critical @nist:CM-3 @soc2:CC8.1
  Rule: CHG-01 Protection of stateful resources

    The lists in policies/stores.toml say which types hold data. A type that is on no list is
    undetermined when it is destroyed, until [durability] in policies/parameters.toml says whether
    it holds data.

    Scenario: CHG-01.1 Stateful resources should not be destroyed, replaced or removed from state
      When we examine every change to a stateful resource
      Then it must not be destroyed, replaced or removed from state

  @CHG-02 @severity:medium @nist:CM-3 @soc2:CC8.1
  Rule: CHG-02 Load balancer deletion protection

    A deleted load balancer takes every service behind it off the internet, and its DNS name does
    not come back.

    Classic Load Balancers have no deletion protection and are not examined.

    Scenario: CHG-02.1 Load balancers should have deletion protection enabled
      When we examine every planned load balancer
      Then deletion protection must be enabled

  @CHG-03 @severity:medium @cis:2.3.2 @nist:SI-2 @soc2:CC8.1
  Rule: CHG-03 Automatic minor version upgrades

    A database that misses minor versions misses security fixes. A pinned minor version makes every
    later apply fail, because RDS cannot go back to it.

    A pass shows that automatic upgrades are enabled and that no minor version is pinned. It does
    not show which minor versions AWS applies, nor when.

    Scenario: CHG-03.1 RDS DB instances and clusters should have automatic minor version upgrades enabled
      When we examine every planned RDS DB instance
      Then automatic minor version upgrades must be enabled

    Scenario: CHG-03.2 RDS DB instances and clusters should not pin a minor version that RDS upgrades
      When we examine every planned RDS DB instance
      Then its engine version must leave automatic minor version upgrades to RDS

  @CHG-04 @severity:medium @nist:CM-3 @soc2:CC8.1
  Rule: CHG-04 Database maintenance window

    An immediate change can restart the database at the busiest hour of the day.

    A pass shows that changes are not applied immediately. It does not show when the maintenance
    window is.

    Scenario: CHG-04.1 RDS DB instances and clusters should apply changes in the maintenance window
      When we examine every planned RDS DB instance
      Then immediate application of changes must be disabled

  @CHG-05 @severity:medium @nist:SA-22 @soc2:CC8.1
  Rule: CHG-05 Supported database engine versions

    A major version at the end of its support gets no security fixes, and AWS upgrades it at a time
    that we do not choose.

    A pass shows that the version is on the list in policies/parameters.toml. A version newer than
    the list is undetermined. It does not show that the list is current.

    Scenario: CHG-05.1 RDS DB instances and clusters should run a supported engine version
      When we examine every planned RDS DB instance
      Then its engine version must be on the approved list

  @CHG-06 @severity:medium @nist:CM-3 @soc2:CC8.1
  Rule: CHG-06 Provider version constraints

    A new major version of a provider changes the plan of an unchanged commit.

    A pass shows an upper bound of each provider's version. It does not show the lock file, nor the
    versions of module sources.

    Scenario: CHG-06.1 Terraform providers should have a version constraint with an upper bound
      When we examine every provider of the configuration
      Then it must have an upper version bound

  @CHG-07 @severity:low @soc2:CC8.1
  Rule: CHG-07 Input validation

    A typo in a variable should fail the plan, not change the infrastructure.

    A pass shows that each variable has a validation rule. It does not show what that rule rejects.

    Scenario: CHG-07.1 Input variables should have a validation rule
      When we examine every input variable of the configuration
      Then it must have a validation rule

  @CHG-08 @severity:medium @soc2:CC8.1
  Rule: CHG-08 Database endpoint by reference

    A host name that was copied by hand is wrong after the next restore.

    A pass shows that the variables in host_variables of policies/parameters.toml refer to a
    database, directly or through an SSM parameter. It does not show other ways in which an
    application finds its database.

    Scenario: CHG-08.1 ECS task definitions should not hardcode the database host
      When we examine every planned ECS task definition
      Then the database host must not be hardcoded

  @CHG-11 @severity:critical @nist:SC-7 @nist:CM-3 @soc2:CC6.6 @wa:SEC05
  Rule: CHG-11 No wider network exposure by a change

    One line in a large change can expose a network to the internet.

    A pass shows that no security group allows more ingress than before, and that none of the
    settings in [change.exposure] of policies/parameters.toml is weaker. It does not show network
    ACLs, routes, nor settings that are not on the list.

    @soft
    Scenario: CHG-11.1 Existing security groups should not allow more ingress than before
      When we compare every security group before and after the change
      Then it must not allow more than before the change

    Scenario: CHG-11.2 Public access settings of existing resources should not be weakened
      When we compare every public access setting before and after the change
      Then it must not be weaker than before the change

  @CHG-12 @severity:high @nist:AC-6 @nist:CM-3 @soc2:CC6.1 @wa:SEC03
  Rule: CHG-12 No wider permissions by a change

    Permissions should grow because a reviewer decided it, not as a side effect.

    A pass shows that no policy of an existing role, user, group or resource grants more than
    before, permissions boundaries considered, and that no code gets a role that may do more. A policy
    that cannot be compared is undetermined. It does not show what service control policies or
    policies outside the plan allow, or that the permissions before the change were needed.

    @soft
    Scenario: CHG-12.1 Existing IAM and resource-based policies should not grant more permissions than before
      When we compare every IAM or resource-based policy before and after the change
      Then it must not allow more than before the change

  @CHG-13 @severity:critical @nist:SC-28 @nist:CP-9 @soc2:CC6.1 @wa:SEC08
  Rule: CHG-13 No weaker data protection by a change

    Encryption or backups that are disabled by a side effect are noticed when they are needed.

    A pass shows that none of the settings in [change.encryption] and [change.backup] of
    policies/parameters.toml is weaker. It does not show settings that are not on the list.

    Scenario: CHG-13.1 Encryption settings of existing resources should not be weakened
      When we compare every encryption setting before and after the change
      Then it must not be weaker than before the change

    Scenario: CHG-13.2 Backup and deletion settings of existing resources should not be weakened
      When we compare every backup or deletion setting before and after the change
      Then it must not be weaker than before the change
