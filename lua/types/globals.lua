---@meta
-- Written by `npm run docs` from the declarations in runtime; an editor reads it, nothing runs it.

---Make a host module available to require; names that are unknown or not for this class are ignored.
---@param name string
function dynamic_loader(name) end

---What a script says about the login beside its results, and the constants for its results.
---@class nauthilus_builtin_table
---@field FEATURE_TRIGGER_NO 0 In the class feature.
---@field FEATURE_TRIGGER_YES 1 In the class feature.
---@field FEATURES_ABORT_NO 0 In the class feature.
---@field FEATURES_ABORT_YES 1 In the class feature.
---@field FEATURE_RESULT_OK 0 In the class feature.
---@field FEATURE_RESULT_FAIL 1 In the class feature.
---@field BACKEND_RESULT_OK 0 In the class backend.
---@field BACKEND_RESULT_FAIL 1 In the class backend.
---@field FILTER_ACCEPT 0 In the class filter.
---@field FILTER_REJECT 1 In the class filter.
---@field FILTER_ACTION_ACCEPT 0 In the class filter.
---@field FILTER_ACTION_REJECT 1 In the class filter.
---@field FILTER_RESULT_OK 0 In the class filter.
---@field FILTER_RESULT_FAIL 1 In the class filter.
---@field ACTION_RESULT_OK 0 In the class action.
---@field ACTION_RESULT_FAIL 1 In the class action.
nauthilus_builtin = {}

---Add a pair to the final log line; a value that is no boolean, number or string shows as UNSUPPORTED.
---@param key string
---@param value? any
function nauthilus_builtin.custom_log_add(key, value) end

---Set the text that a rejected client gets; the last call wins.
---@param text string
function nauthilus_builtin.status_message_set(text) end

---@class nauthilus_backend_result
local nauthilus_backend_result_object = {}

---Did the password match?
---@param value? boolean
---@return boolean? value
function nauthilus_backend_result_object:authenticated(value) end

---Does the user exist?
---@param value? boolean
---@return boolean? value
function nauthilus_backend_result_object:user_found(value) end

---Name of the attribute that holds the account.
---@param name? string
---@return string? value
function nauthilus_backend_result_object:account_field(name) end

---Name of the attribute that holds the TOTP secret.
---@param name? string
---@return string? value
function nauthilus_backend_result_object:totp_secret_field(name) end

---Name of the attribute that holds the TOTP recovery codes.
---@param name? string
---@return string? value
function nauthilus_backend_result_object:totp_recovery_field(name) end

---Name of the attribute that holds the unique user id.
---@param name? string
---@return string? value
function nauthilus_backend_result_object:unique_user_id_field(name) end

---Name of the attribute that holds the display name.
---@param name? string
---@return string? value
function nauthilus_backend_result_object:display_name_field(name) end

---The attributes of the user as a new table, or with an argument: replace them by a copy of the table.
---@param attributes? table
---@return table? attributes
function nauthilus_backend_result_object:attributes(attributes) end

---Makes the object with which backend scripts answer and filters add attributes.
---@class nauthilus_backend_result_table
nauthilus_backend_result = {}

---A new, empty result.
---@return nauthilus_backend_result result
function nauthilus_backend_result.new() end

---@type nauthilus_backend_result_table
backend_result = nauthilus_backend_result
