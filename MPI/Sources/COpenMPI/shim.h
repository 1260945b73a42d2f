// Swift sees no macros that cast, which MPI's constants are.
#include <mpi.h>

static inline MPI_Comm vmap_world(void) { return MPI_COMM_WORLD; }
static inline MPI_Datatype vmap_byte(void) { return MPI_BYTE; }
static inline int vmap_set_errors_return(void) {
  return MPI_Comm_set_errhandler(MPI_COMM_WORLD, MPI_ERRORS_RETURN);
}
