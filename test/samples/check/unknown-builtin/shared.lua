-- a module may be used by scripts of any class
return { nauthilus_builtin.FEATURE_TRIGGER_YES, nauthilus_builtin.FILTER_REJECT, nauthilus_builtin.FILTER_NOPE }
