function nauthilus_run_hook(logging)
  nauthilus_builtin.custom_log_add("level", logging.log_level)
end
