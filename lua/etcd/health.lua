-- :checkhealth etcd; the checks are in autoload/etcd/verb/health.vim, for both editors.
local M = {}

function M.check()
  local health = vim.health or require('health')
  local start = health.start or health.report_start
  local report = {
    ok = health.ok or health.report_ok,
    info = health.info or health.report_info,
    warn = health.warn or health.report_warn,
    error = health.error or health.report_error,
  }
  start('etcd')
  for _, line in ipairs(vim.fn['etcd#verb#health#lines']()) do
    report[line[1]](line[2])
  end
end

return M
