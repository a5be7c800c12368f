"""外来务工人员批量登记: lists of workers from an enterprise, checked, registered, certified."""
