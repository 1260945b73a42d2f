// A plugin of oclgrind that counts what the kernels of a GPU would ask of its memory.
//
// The work-items of a sub-group that execute the same instruction for the same time are one request, as
// they are where they run in step. Of each request it counts the sectors of global memory and the passes
// over the banks of local memory.
//
//   LAB_OUTPUT   the folder for counts.jsonl, one line a launch, and the source of each program
#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <map>
#include <set>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "oclgrind/Context.h"
#include "oclgrind/Kernel.h"
#include "oclgrind/KernelInvocation.h"
#include "oclgrind/Memory.h"
#include "oclgrind/Plugin.h"
#include "oclgrind/Program.h"
#include "oclgrind/WorkGroup.h"
#include "oclgrind/WorkItem.h"
#include "llvm/IR/Instructions.h"

using namespace oclgrind;

namespace {

constexpr size_t subGroupWidth = 32, sectorBytes = 32, banks = 32, bankBytes = 4;

// What one instruction of a sub-group asks for.
struct Request {
  std::vector<std::pair<size_t, unsigned>> accesses;
};

struct Traffic {
  unsigned long requests = 0, useful = 0, sectors = 0, fewest = 0;
  // The bytes that are asked for at least once, by all work-items together.
  std::unordered_set<size_t> touched;
  // The sizes of the buffers that are accessed, by their addresses.
  std::map<size_t, size_t> buffers;
};

struct Key {
  size_t subGroup;
  const llvm::Instruction *instruction;
  bool isStore;
  bool operator==(const Key &other) const {
    return subGroup == other.subGroup && instruction == other.instruction &&
           isStore == other.isStore;
  }
};

struct KeyHash {
  size_t operator()(const Key &key) const {
    return key.subGroup * 31 + reinterpret_cast<size_t>(key.instruction) * 2 + key.isStore;
  }
};

class MemoryCounts : public Plugin {
public:
  explicit MemoryCounts(const Context *context) : Plugin(context) {
    const char *folder = getenv("LAB_OUTPUT");
    output = folder ? folder : ".";
  }

  bool isThreadSafe() const override { return false; }

  void kernelBegin(const KernelInvocation *) override {
    loads = stores = Traffic();
    localRequests = localPasses = localFewest = instructions = issued = groups = 0;
    kinds.clear();
  }

  void workGroupBegin(const WorkGroup *) override {
    ++groups;
    global.clear();
    local.clear();
    counts.clear();
    executed.clear();
  }

  void instructionExecuted(const WorkItem *item, const llvm::Instruction *instruction,
                           const TypedValue &) override {
    ++instructions;
    ++kinds[kindOf(instruction)];
    size_t lane = laneOf(item);
    auto &own = executed[{lane / subGroupWidth, instruction, false}];
    if (own.empty()) own.resize(subGroupWidth);
    ++own[lane % subGroupWidth];
  }

  void memoryLoad(const Memory *memory, const WorkItem *item, size_t address,
                  size_t size) override {
    note(memory, item, address, size, false);
  }

  void memoryStore(const Memory *memory, const WorkItem *item, size_t address, size_t size,
                   const uint8_t *) override {
    note(memory, item, address, size, true);
  }

  void memoryAtomicLoad(const Memory *memory, const WorkItem *item, AtomicOp, size_t address,
                        size_t size) override {
    note(memory, item, address, size, false);
  }

  void memoryAtomicStore(const Memory *memory, const WorkItem *item, AtomicOp, size_t address,
                         size_t size) override {
    note(memory, item, address, size, true);
  }

  void workGroupComplete(const WorkGroup *) override {
    for (auto &[key, requests] : global)
      for (auto &request : requests) countGlobal(request, key.isStore ? stores : loads);
    for (auto &[key, requests] : local)
      for (auto &request : requests) countLocal(request);
    // A sub-group issues an instruction as often as the work-item that executes it most often.
    for (auto &[key, lanes] : executed) issued += *std::max_element(lanes.begin(), lanes.end());
  }

  void kernelEnd(const KernelInvocation *invocation) override {
    const Kernel *kernel = invocation->getKernel();
    unsigned long program = kernel->getProgram()->getUID();
    std::string name = output + "/program" + std::to_string(program) + ".cl";
    std::ofstream(name) << kernel->getProgram()->getSource();
    FILE *file = fopen((output + "/counts.jsonl").c_str(), "a");
    if (!file) return;
    Size3 local = invocation->getLocalSize(), groupCounts = invocation->getNumGroups();
    fprintf(file,
            "{\"kernel\": \"%s\", \"program\": %lu, \"localSize\": %zu, \"groups\": %zu, "
            "\"groupsRun\": %lu, \"instructions\": %lu, \"issued\": %lu, ",
            kernel->getName().c_str(), program, local[0] * local[1] * local[2],
            groupCounts[0] * groupCounts[1] * groupCounts[2], groups, instructions, issued);
    write(file, "loads", loads);
    write(file, "stores", stores);
    fprintf(file, "\"localRequests\": %lu, \"localPasses\": %lu, \"localFewest\": %lu, \"kinds\": {",
            localRequests, localPasses, localFewest);
    bool isFirst = true;
    for (auto &[kind, count] : kinds) {
      fprintf(file, "%s\"%s\": %lu", isFirst ? "" : ", ", kind.c_str(), count);
      isFirst = false;
    }
    fprintf(file, "}}\n");
    fclose(file);
  }

private:
  std::string output;
  Traffic loads, stores;
  unsigned long localRequests, localPasses, localFewest, instructions, issued, groups;
  std::map<std::string, unsigned long> kinds;
  // The requests of each instruction, in the order in which a sub-group makes them.
  std::unordered_map<Key, std::vector<Request>, KeyHash> global, local;
  // How often each work-item of a sub-group has made them.
  std::unordered_map<Key, std::vector<unsigned>, KeyHash> counts, executed;

  // What an instruction is: an operation of LLVM's, or the function that is called.
  static std::string kindOf(const llvm::Instruction *instruction) {
    if (auto *call = llvm::dyn_cast<llvm::CallInst>(instruction))
      if (auto *function = call->getCalledFunction()) {
        std::string name = function->getName().str();
        for (const char *known : {"fma", "barrier", "get_", "llvm.lifetime"})
          if (name.find(known) != std::string::npos) return known;
        return "call";
      }
    return instruction->getOpcodeName();
  }

  static size_t laneOf(const WorkItem *item) { return item->getLocalID()[0]; }

  void note(const Memory *memory, const WorkItem *item, size_t address, size_t size, bool isStore) {
    unsigned space = memory->getAddressSpace();
    if (space == AddrSpacePrivate) return;
    size_t lane = laneOf(item);
    Key key{lane / subGroupWidth, item->getCurrentInstruction(), isStore};
    auto &own = counts[key];
    if (own.empty()) own.resize(subGroupWidth);
    size_t turn = own[lane % subGroupWidth]++;
    auto &requests = (space == AddrSpaceLocal ? local : global)[key];
    if (requests.size() <= turn) requests.resize(turn + 1);
    if (space != AddrSpaceLocal) {
      size_t base = address - memory->extractOffset(address);
      auto &buffers = (isStore ? stores : loads).buffers;
      if (!buffers.count(base)) buffers[base] = memory->getBuffer(address)->size;
    }
    requests[turn].accesses.push_back({address, (unsigned)size});
  }

  static void countGlobal(const Request &request, Traffic &traffic) {
    std::set<size_t> sectors, bytes;
    for (auto [address, size] : request.accesses) {
      for (size_t sector = address / sectorBytes; sector <= (address + size - 1) / sectorBytes;
           ++sector)
        sectors.insert(sector);
      for (size_t byte = address; byte < address + size; ++byte) {
        bytes.insert(byte);
        traffic.touched.insert(byte);
      }
    }
    ++traffic.requests;
    traffic.useful += bytes.size();
    traffic.sectors += sectors.size();
    traffic.fewest += (bytes.size() + sectorBytes - 1) / sectorBytes;
  }

  void countLocal(const Request &request) {
    std::array<std::set<size_t>, banks> words;
    std::set<size_t> all;
    for (auto [address, size] : request.accesses)
      for (size_t word = address / bankBytes; word <= (address + size - 1) / bankBytes; ++word) {
        words[word % banks].insert(word);
        all.insert(word);
      }
    size_t passes = 1;
    for (auto &own : words) passes = std::max(passes, own.size());
    ++localRequests;
    localPasses += passes;
    localFewest += std::max<size_t>(1, (all.size() + banks - 1) / banks);
  }

  static void write(FILE *file, const char *name, const Traffic &traffic) {
    size_t bytes = 0;
    for (auto [address, size] : traffic.buffers) bytes += size;
    fprintf(file,
            "\"%s\": {\"requests\": %lu, \"useful\": %lu, \"sectors\": %lu, \"fewest\": %lu, "
            "\"touched\": %zu, \"buffers\": %zu}, ",
            name, traffic.requests, traffic.useful, traffic.sectors, traffic.fewest,
            traffic.touched.size(), bytes);
  }
};

MemoryCounts *plugin = nullptr;

} // namespace

extern "C" void initializePlugins(Context *context) {
  plugin = new MemoryCounts(context);
  context->registerPlugin(plugin);
}

extern "C" void releasePlugins(Context *context) {
  context->unregisterPlugin(plugin);
  delete plugin;
}
